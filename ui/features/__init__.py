"""One module or package per entry of the navigation; features do not import each other."""
