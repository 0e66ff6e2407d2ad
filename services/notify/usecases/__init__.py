"""What notify can be asked: to tell, to leave untold, to send what is due, to show a guardian what was told."""
