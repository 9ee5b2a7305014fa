"""What editors say: commands in, rulings out, and stories put right."""
