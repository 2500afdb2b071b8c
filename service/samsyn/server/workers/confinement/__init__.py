"""What the processes of the pool give up before they touch what clients send."""
