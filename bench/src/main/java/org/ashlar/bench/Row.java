package org.ashlar.bench;

import java.util.Map;
import java.util.Optional;

/**
 * One line of the table.
 *
 * @param aim   what is aimed at on two cores; empty when nothing is
 * @param rival what Erlang takes for the same, or what the figure's name says; empty when there is no such thing, or it is not here
 */
record Row(String figure, String unit, Series ours, String aim, Optional<Series> rival) {
    static Row of(String figure, String unit, Series ours, String aim) {
        return new Row(figure, unit, ours, aim, Optional.empty());
    }

    /** @param name under which both have it */
    static Row of(String figure, String unit, Map<String, Series> ours, Map<String, Series> rival, String name, double factor,
                  String aim) {
        return new Row(figure, unit, ours.get(name).times(factor), aim,
                Optional.ofNullable(rival.get(name)).map(series -> series.times(factor)));
    }
}
