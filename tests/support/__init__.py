"""What tests are made with, by what it helps; no test stands here."""
