"""Who does the shards of a night: this process, a pool of processes on this machine, or a Dask cluster."""
