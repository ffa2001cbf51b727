"""The restore assistant: from a stick and a key to the records, with nothing lost unseen."""
