"""Imports in steps: a file is sent, looked at, checked, imported, taken back; long work is done aside."""
