package org.ashlar.conformance.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The results of cases that are tested in the bundles themselves, from the reports of their last run. Such a test is called
 * after its case: {@code m11_aMessageThatIsTooLargeIsASendError}.
 */
final class SurefireReports {
    private static final List<String> BUNDLES = List.of("codec", "identity", "kernel", "net", "noise");
    private static final Pattern NAME = Pattern.compile("([km])0*([0-9]+)_([A-Za-z0-9]+).*");
    private static final Pattern WORD = Pattern.compile("WebSocket|[A-Z]?[a-z]+|[0-9]+|[A-Z]");

    private SurefireReports() { }

    /** @param bundles the folder of all bundles; one that was not tested gives nothing */
    static List<CaseResult> read(Path bundles) throws IOException {
        List<CaseResult> results = new ArrayList<>();
        for (String bundle : BUNDLES) {
            Path reports = bundles.resolve(bundle).resolve("target/surefire-reports");
            if (Files.isDirectory(reports)) {
                try (Stream<Path> files = Files.list(reports)) {
                    for (Path file : files.filter(each -> each.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList()) {
                        read(file, results);
                    }
                }
            }
        }
        return results;
    }

    private static void read(Path file, List<CaseResult> results) throws IOException {
        NodeList cases;
        try {
            cases = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile()).getElementsByTagName("testcase");
        } catch (Exception e) {
            throw new IOException(file + " is no report of tests: " + e.getMessage(), e);
        }
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            Matcher matcher = NAME.matcher(test.getAttribute("name"));
            if (matcher.matches() && test.getElementsByTagName("skipped").getLength() == 0) {
                boolean passed = test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() == 0;
                String simple = test.getAttribute("classname").replaceAll(".*\\.", "");
                String name = test.getAttribute("name").replaceAll("[^A-Za-z0-9_].*", "");
                results.add(new CaseResult(matcher.group(1).toUpperCase(Locale.ROOT) + matcher.group(2), sentence(matcher.group(3)),
                        simple + "." + name, passed, ""));
            }
        }
    }

    /** The words of a test's name. */
    private static String sentence(String name) {
        StringBuilder text = new StringBuilder();
        Matcher words = WORD.matcher(name);
        while (words.find()) {
            String word = words.group();
            text.append(text.isEmpty() ? "" : " ").append(switch (word) {
                case "Tcp" -> "TCP";
                case "WebSocket" -> word;
                default -> word.toLowerCase(Locale.ROOT);
            });
        }
        text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
        return text.toString();
    }
}
