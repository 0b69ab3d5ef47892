"""What protects every response and every request, whatever operation it belongs to."""
