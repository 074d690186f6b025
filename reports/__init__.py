"""Reports: My day, dashboards, search and everything that reads across apps."""
