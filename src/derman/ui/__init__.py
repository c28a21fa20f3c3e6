"""The house style: base templates, CSS, JS modules, icons, forms. Knows no domain."""
