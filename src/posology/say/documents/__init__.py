"""Documents to print: sheets of plain text (order, preparation, run sheet, regimen, pocket card), and the press."""
