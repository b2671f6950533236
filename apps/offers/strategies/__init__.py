"""How an offer is priced: one module per way of buying, plain data in, plain data out."""
