"""The program measured against its promised figures: `python -m tests.bench` or `./dev bench`."""
