__version__ = "4.17.2"
