package org.ashlar.conformance.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Run by Maven after all cases; not by itself. */
class DocumentCheck {
    private static final Path RESULTS = Path.of(System.getProperty("conformance.results"));
    private static final Path DOCUMENT = Path.of(System.getProperty("conformance.document"));
    /** Written by the tests of the component library, when they run. */
    private static final Path COMPONENT_MODEL = Path.of(System.getProperty("conformance.component-model"));
    private static final Path BUNDLES = Path.of(System.getProperty("conformance.bundles"));

    @Test
    @DisplayName("docs/conformance.md says how the cases ended")
    void theDocumentSaysHowTheCasesEnded() throws IOException {
        String committed = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
        String componentModel = Files.exists(COMPONENT_MODEL) ? Files.readString(COMPONENT_MODEL)
                : Document.componentModelOf(committed);
        List<CaseResult> results = new ArrayList<>(CaseResult.read(RESULTS));
        // What is renewed is made from this run alone: a test that is no more goes.
        boolean renew = Boolean.getBoolean("conformance.update");
        results.addAll(Document.withThoseOf(renew ? "" : committed, SurefireReports.read(BUNDLES)));
        String made = Document.of(results, componentModel);
        Files.writeString(RESULTS.resolveSibling("conformance.md"), made);
        if (renew) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, made);
        } else {
            assertEquals(committed, made, "docs/conformance.md differs from this run: when that is as it should be, run"
                    + " mvn verify -Dconformance.update=true");
        }
    }
}
