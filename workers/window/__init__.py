"""The live window in a worker's memory."""
