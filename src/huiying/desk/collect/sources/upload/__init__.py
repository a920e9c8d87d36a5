"""CSV, TSV and XLSX files, looked at before they are read in."""
