"""What decisions teach: training and evaluation data from the log, and blind judgements."""
