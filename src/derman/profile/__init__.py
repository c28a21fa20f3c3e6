"""The organisation as data: what an organisation decides, validated, versioned, published."""
