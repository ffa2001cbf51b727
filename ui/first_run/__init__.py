"""The assistant that makes a house: folder, first manager, pass phrase, two recovery sheets."""
