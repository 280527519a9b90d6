"""Evals that decide which model to use: suites, runs, scores, statistics, reports."""
