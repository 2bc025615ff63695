package org.ashlar.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** What several runs of the same thing gave, one number a run; at least one. */
record Series(List<Double> values) {
    Series {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a series needs a run");
        }
        values = List.copyOf(values);
    }

    /** Reads lines of a name and numbers, as the driver and the rival print them. */
    static Map<String, Series> parse(String text) {
        Map<String, Series> series = new LinkedHashMap<>();
        text.lines().map(line -> line.strip().split(" ")).filter(words -> words.length > 1).forEach(words -> series.put(
                words[0], new Series(Arrays.stream(words).skip(1).map(Double::valueOf).toList())));
        return series;
    }

    double median() {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double least() {
        return Collections.min(values);
    }

    double most() {
        return Collections.max(values);
    }

    Series map(DoubleUnaryOperator change) {
        return new Series(values.stream().map(change::applyAsDouble).toList());
    }

    Series times(double factor) {
        return map(value -> value * factor);
    }
}
