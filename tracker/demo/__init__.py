"""A made-up clinic to look at, and to score the estimates against."""
