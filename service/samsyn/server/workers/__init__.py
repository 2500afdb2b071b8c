"""Work for unknown clients in processes that can be killed.

One process, the zygote, holds the data in memory and does nothing but fork. Each fork is a worker:
a snapshot of the data, with limits, without network, with one socket over which jobs come and
answers go. The web process owns the other ends of the sockets; it decides who runs, for how long,
and kills. A write runs in a fork too; if it succeeds, that fork is the next zygote, if not, nothing
has happened. What a job is, only the service knows that is handed in.

Linux only.
"""
