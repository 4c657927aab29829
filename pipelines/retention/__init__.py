"""What is older than it may be kept leaves the lake, and with it the warehouse; off unless `[retention]` says so."""
