"""What an operator watches: metrics of workers and of a namespace, health, traces."""
