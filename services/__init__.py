"""The five services and the chassis they share. Always imported as `services.<name>`, never with this folder on sys.path."""
