"""What auth can be asked to do: load, decide, save, say. One file for each kind of asker's business."""
