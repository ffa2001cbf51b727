"""Read-only questions to the open vault, one module per topic: set-based SQL, frozen answers."""
