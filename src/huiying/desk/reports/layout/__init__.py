"""From a sheet to files: PDF, DOCX, pictures of its pages."""
