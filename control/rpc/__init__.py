"""The Python end of the bridge's socket: knows the contract, no business."""
