"""What comes in and what goes out: each format reads to, or writes from, plain dataclasses.

Nothing here knows the database, a request or the analysis.
"""
