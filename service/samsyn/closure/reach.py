"""The transitive closure of one relation: strong components first, then reachability over
compressed bitmaps from the sinks up. No pair is derived twice.

Tarjan, R. (1972): Depth-first search and linear graph algorithms. SIAM J. Comput. 1(2).
"""

from __future__ import annotations

import numpy as np

from samsyn.closure.relation import EMPTY, LOW, Pairs, distinct


def transitive(pairs: Pairs, limit: int | None = None) -> Pairs:
    """Return all pairs of the transitive closure, sorted.

    Args:
        pairs: sorted, distinct edges.
        limit: how many pairs may come out at most.

    Raises:
        OverflowError: more pairs would come out.
    """
    from pyroaring import BitMap

    if not pairs.size:
        return EMPTY
    nodes = distinct(np.concatenate((pairs >> 32, pairs & LOW)))
    starts, ends = np.searchsorted(nodes, pairs >> 32), np.searchsorted(nodes, pairs & LOW)
    offsets = np.searchsorted(starts, np.arange(nodes.size + 1)).tolist()
    targets = ends.tolist()
    components = _components(offsets, targets, nodes.size)
    owner = [0] * nodes.size
    for number, members in enumerate(components):
        for member in members:
            owner[member] = number
    reach: list[BitMap] = []
    total = 0
    for number, members in enumerate(components):
        direct = BitMap()
        below: set[int] = set()
        for member in members:
            ahead = targets[offsets[member] : offsets[member + 1]]
            direct.update(ahead)
            below.update(owner[node] for node in ahead)
        below.discard(number)
        if len(members) > 1:
            direct.update(members)
        all_ = BitMap.union(direct, *(reach[other] for other in below)) if below else direct
        reach.append(all_)
        total += len(all_) * len(members)
        if limit is not None and total > limit:
            raise OverflowError(total)
    counts = np.empty(nodes.size, np.int64)
    parts = []
    for node in range(nodes.size):
        found = reach[owner[node]]
        counts[node] = len(found)
        if found:
            parts.append(np.frombuffer(found.to_array(), np.uint32))
    second = nodes[np.concatenate(parts)]
    return np.repeat(nodes << 32, counts) | second


def _components(offsets: list[int], targets: list[int], size: int) -> list[list[int]]:
    # Tarjan without recursion; components come out with those they lead to before them.
    order = [0] * size
    low = [0] * size
    on_stack = bytearray(size)
    stack: list[int] = []
    found: list[list[int]] = []
    count = 0
    for root in range(size):
        if order[root]:
            continue
        count += 1
        order[root] = low[root] = count
        stack.append(root)
        on_stack[root] = 1
        work = [(root, offsets[root])]
        while work:
            node, at = work[-1]
            if at < offsets[node + 1]:
                work[-1] = (node, at + 1)
                ahead = targets[at]
                if not order[ahead]:
                    count += 1
                    order[ahead] = low[ahead] = count
                    stack.append(ahead)
                    on_stack[ahead] = 1
                    work.append((ahead, offsets[ahead]))
                elif on_stack[ahead] and order[ahead] < low[node]:
                    low[node] = order[ahead]
                continue
            work.pop()
            if work and low[node] < low[work[-1][0]]:
                low[work[-1][0]] = low[node]
            if low[node] == order[node]:
                members = []
                while True:
                    member = stack.pop()
                    on_stack[member] = 0
                    members.append(member)
                    if member == node:
                        break
                found.append(members)
    return found
