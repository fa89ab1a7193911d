package org.slipway.graph;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.OriginSpec;

/**
 * Some of a graph's ports, sorted and unmodifiable: four bytes a port, where a hash set takes 60.
 * Its answers to what thousands of ports need are thousands long.
 */
final class NodeSet extends AbstractSet<OriginSpec> {
  private final Nodes nodes;
  private final int[] numbers;

  /** @param numbers ascending; not copied */
  NodeSet(Nodes nodes, int[] numbers) {
    this.nodes = nodes;
    this.numbers = numbers;
  }

  @Override
  public int size() {
    return numbers.length;
  }

  @Override
  public boolean contains(@Nullable Object other) {
    return other instanceof OriginSpec spec
        && nodes.contains(spec)
        && Arrays.binarySearch(numbers, nodes.number(spec)) >= 0;
  }

  @Override
  public Iterator<OriginSpec> iterator() {
    return IntStream.of(numbers).mapToObj(nodes::spec).iterator();
  }
}
