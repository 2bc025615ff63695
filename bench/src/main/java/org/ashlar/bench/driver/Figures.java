package org.ashlar.bench.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Named series of numbers, one number a run. As text: a line a series, its name and its numbers. */
final class Figures {
    private final Map<String, List<Double>> series = new LinkedHashMap<>();

    Figures add(String name, double value) {
        series.computeIfAbsent(name, each -> new ArrayList<>()).add(value);
        return this;
    }

    @Override
    public String toString() {
        return series.entrySet().stream()
                .map(each -> each.getKey() + each.getValue().stream().map(value -> " " + value).collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
    }
}
