"""Text to tokens, vectors and scores: a leaf that knows no database, no web and no word of the business."""
