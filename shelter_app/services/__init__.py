"""Use cases: plain functions whose first argument is a Work (one transaction, one worker)."""
