"""What goes to clients and courts on paper: values, PDF by typst, DOCX by a template."""
