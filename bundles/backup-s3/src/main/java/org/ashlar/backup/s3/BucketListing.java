package org.ashlar.backup.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads one page of a bucket's list (ListObjectsV2). No document type and no entity is accepted; texts have at most {@link #MAX_TEXT} characters,
 * elements lie at most {@link #MAX_DEPTH} deep, and the caller bounds the whole.
 */
final class BucketListing {
    static final int MAX_TEXT = 4096;
    static final int MAX_DEPTH = 16;
    private static final XMLInputFactory FACTORY = factory();

    private BucketListing() { }

    /** Is told of each object. */
    interface Each {
        void object(String key, long size);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        return factory;
    }

    /** @return what to ask the next page with; empty when this is the last. @throws IOException when it is no such list */
    static Optional<String> read(InputStream in, Each each) throws IOException {
        try {
            XMLStreamReader xml;
            synchronized (FACTORY) { // need not be safe for several threads
                xml = FACTORY.createXMLStreamReader(in);
            }
            return read(xml, each);
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException broken) {
                throw broken;
            }
            throw new IOException("the store's list of objects cannot be read", e);
        } catch (RuntimeException e) { // what the parser does with some that is broken
            throw new IOException("the store's list of objects cannot be read", e);
        }
    }

    private static Optional<String> read(XMLStreamReader xml, Each each) throws XMLStreamException, IOException {
        StringBuilder text = new StringBuilder();
        String key = "";
        long size = -1;
        boolean more = false;
        Optional<String> next = Optional.empty();
        int depth = 0;
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    require(++depth <= MAX_DEPTH && (depth > 1 || xml.getLocalName().equals("ListBucketResult")));
                    text.setLength(0);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    require(text.length() + xml.getTextLength() <= MAX_TEXT);
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    String path = depth + xml.getLocalName();
                    switch (path) {
                        case "3Key" -> key = text.toString();
                        case "3Size" -> size = number(text.toString());
                        case "2Contents" -> {
                            require(!key.isEmpty() && size >= 0);
                            each.object(key, size);
                            key = "";
                            size = -1;
                        }
                        case "2IsTruncated" -> more = text.toString().equals("true");
                        case "2NextContinuationToken" -> next = Optional.of(text.toString());
                        default -> { }
                    }
                    depth--;
                    text.setLength(0);
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> require(false);
                default -> { }
            }
        }
        require(!more || next.isPresent());
        return more ? next : Optional.empty();
    }

    private static long number(String text) throws IOException {
        require(text.matches("[0-9]{1,18}"));
        return Long.parseLong(text);
    }

    private static void require(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("the store's list of objects is not as S3 stores answer");
        }
    }
}
