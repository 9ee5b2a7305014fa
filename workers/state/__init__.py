"""What a namespace keeps in Redis: keys' contents, scripts, and every read and write of them."""
