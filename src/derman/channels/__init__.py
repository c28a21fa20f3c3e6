"""The wires to people outside, one folder a channel. Only these (and the API) talk to them."""
