"""What a house needs, room by room, as a range of money."""
