"""What those who run the service see of it: its log and its figures, without anything that names a person."""
