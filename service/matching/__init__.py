"""Whether two fingerprints are one story: features, probability, relation, evidence."""
