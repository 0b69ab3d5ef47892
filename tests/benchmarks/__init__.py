"""Measurements that are too long for the test suite; run by ``make bench``."""
