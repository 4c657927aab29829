"""Statistics on figures of the marts: pure functions of numbers, which can say that something is not estimable."""
