"""The transitive closure of one relation.

Strong components first, then reachability over compressed bitmaps from the sinks up: no pair is
derived twice.

Tarjan, R. (1972): Depth-first search and linear graph algorithms. SIAM J. Comput. 1(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samsyn.closure.engine.relation import EMPTY, LOW, Pairs, Relation, distinct, pack

if TYPE_CHECKING:
    from pyroaring import BitMap


def transitive(pairs: Pairs, limit: int | None = None) -> Pairs:
    """Return all pairs of the transitive closure, sorted.

    Args:
        pairs: sorted, distinct edges.
        limit: how many pairs may come out at most.

    Raises:
        OverflowError: more pairs would come out.
    """
    inner, leaves = _without_leaves(pairs)
    closed = _closed(inner, limit)
    if not leaves.size:
        return closed
    # A leaf reaches what it leads to, and all that this reaches (itself, if it is in a circle).
    relation, leads_to = Relation(closed), leaves & LOW
    place, ends = relation.after(leads_to)
    direct = leaves[~relation.holds(pack(leads_to, leads_to))]
    found = np.concatenate((closed, direct, (leaves >> 32)[place] << 32 | ends))
    if limit is not None and found.size > limit:
        raise OverflowError(found.size)
    found.sort(kind="stable")
    return found


def _without_leaves(pairs: Pairs) -> tuple[Pairs, Pairs]:
    # A node that nothing leads to, with one edge of its own, needs no search: most members of a
    # network are such nodes.
    if not pairs.size:
        return EMPTY, EMPTY
    first, second = pairs >> 32, pairs & LOW
    size = int(max(first.max(), second.max())) + 1
    led_to = np.zeros(size, bool)
    led_to[second] = True
    leaf = ~led_to[first] & (np.bincount(first, minlength=size)[first] == 1)
    return pairs[~leaf], pairs[leaf]


def _closed(pairs: Pairs, limit: int | None) -> Pairs:
    if not pairs.size:
        return EMPTY
    nodes = distinct(np.concatenate((pairs >> 32, pairs & LOW)))
    starts, ends = np.searchsorted(nodes, pairs >> 32), np.searchsorted(nodes, pairs & LOW)
    offsets = np.searchsorted(starts, np.arange(nodes.size + 1)).tolist()
    targets = ends.tolist()
    components = _components(offsets, targets, nodes.size)
    reach = _reach(components, offsets, targets, limit)
    counts = np.fromiter(map(len, reach), np.int64, nodes.size)
    columns = b"".join(found.to_array().tobytes() for found in reach if found)
    second = nodes[np.frombuffer(columns, np.uint32)]
    return np.repeat(nodes << 32, counts) | second


def _reach(
    components: list[list[int]], offsets: list[int], targets: list[int], limit: int | None
) -> list[BitMap]:
    # What each node reaches. Those it leads to are done before it, so one union each will do.
    from pyroaring import BitMap

    reach: list[BitMap | None] = [None] * (len(offsets) - 1)
    total = 0
    for members in components:
        found = BitMap()
        for member in members:
            for other in targets[offsets[member] : offsets[member + 1]]:
                if other not in found:  # else all that it reaches is there too
                    found.add(other)
                    further = reach[other]
                    if further:
                        found |= further
        if len(members) > 1:
            found.update(members)
        for member in members:
            reach[member] = found
        total += len(found) * len(members)
        if limit is not None and total > limit:
            raise OverflowError(total)
    return [found for found in reach if found is not None]


def _components(offsets: list[int], targets: list[int], size: int) -> list[list[int]]:
    # Tarjan without recursion; components come out with those they lead to before them.
    order = [0] * size
    place = offsets[:]
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
        work = [root]
        while work:
            node = work[-1]
            at = place[node]
            if at < offsets[node + 1]:
                place[node] = at + 1
                ahead = targets[at]
                if not order[ahead]:
                    count += 1
                    order[ahead] = low[ahead] = count
                    stack.append(ahead)
                    on_stack[ahead] = 1
                    work.append(ahead)
                elif on_stack[ahead] and order[ahead] < low[node]:
                    low[node] = order[ahead]
                continue
            work.pop()
            if work and low[node] < low[work[-1]]:
                low[work[-1]] = low[node]
            if low[node] == order[node]:
                found.append(_taken(stack, node))
                for member in found[-1]:
                    on_stack[member] = 0
    return found


def _taken(stack: list[int], node: int) -> list[int]:
    # What was put on the stack since a node, and the node.
    members = [stack.pop()]
    while members[-1] != node:
        members.append(stack.pop())
    return members
