package org.ashlar.backup.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the answer to a PROPFIND (RFC 4918, section 9.1), resource after resource, so that a long one takes no memory. No document type and no
 * entity is accepted; texts have at most {@link #MAX_TEXT} characters, elements lie at most {@link #MAX_DEPTH} deep, and the caller bounds the
 * whole.
 */
final class Propfind {
    /** What is asked for. */
    static final String REQUEST = "<?xml version=\"1.0\" encoding=\"utf-8\"?><propfind xmlns=\"DAV:\"><prop><resourcetype/><getcontentlength/>"
            + "<getlastmodified/></prop></propfind>";
    static final int MAX_TEXT = 2000;
    static final int MAX_DEPTH = 32;

    private static final String DAV = "DAV:";
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader xml;
    private final StringBuilder text = new StringBuilder();
    private Optional<String> href = Optional.empty();
    private Properties good = Properties.NONE;
    private Properties group = Properties.NONE;
    private boolean groupIsGood;

    /** A resource. @param href as the server writes it, an address or a path */
    record Resource(String href, boolean folder, OptionalLong size, Optional<Instant> modified) { }

    private record Properties(boolean folder, OptionalLong size, Optional<Instant> modified) {
        static final Properties NONE = new Properties(false, OptionalLong.empty(), Optional.empty());
    }

    /** Is told of each resource. */
    interface Each {
        void resource(Resource resource) throws IOException;
    }

    private Propfind(XMLStreamReader xml) {
        this.xml = xml;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("no entity is read");
        });
        return factory;
    }

    /** @throws IOException when it is no such answer */
    static void read(InputStream in, Each each) throws IOException {
        try {
            XMLStreamReader xml;
            synchronized (FACTORY) { // need not be safe for several threads
                xml = FACTORY.createXMLStreamReader(in);
            }
            new Propfind(xml).read(each);
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException broken) {
                throw broken;
            }
            throw new IOException("the server's list of files cannot be read", e);
        } catch (RuntimeException e) { // what the parser does with some that is broken
            throw new IOException("the server's list of files cannot be read", e);
        }
    }

    private void read(Each each) throws IOException, XMLStreamException {
        int depth = 0;
        boolean listing = false;
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    require(++depth <= MAX_DEPTH && (depth > 1 || is("multistatus")));
                    listing = true;
                    start();
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    end(each);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    require(text.length() + xml.getTextLength() <= MAX_TEXT);
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> require(false);
                default -> { }
            }
        }
        require(listing);
    }

    private boolean is(String name) {
        return DAV.equals(xml.getNamespaceURI()) && name.equals(xml.getLocalName());
    }

    private void start() {
        text.setLength(0);
        if (is("response")) {
            href = Optional.empty();
            good = Properties.NONE;
        } else if (is("propstat")) {
            group = Properties.NONE;
            groupIsGood = true;
        } else if (is("collection")) {
            group = new Properties(true, group.size(), group.modified());
        }
    }

    private void end(Each each) throws IOException {
        String said = text.toString().strip();
        text.setLength(0);
        if (is("href") && href.isEmpty()) {
            href = Optional.of(said);
        } else if (is("getcontentlength") && said.matches("[0-9]{1,18}")) {
            group = new Properties(group.folder(), OptionalLong.of(Long.parseLong(said)), group.modified());
        } else if (is("getlastmodified")) {
            group = new Properties(group.folder(), group.size(), time(said));
        } else if (is("status")) {
            groupIsGood = said.matches("HTTP/[0-9.]+ 2[0-9][0-9].*");
        } else if (is("propstat") && groupIsGood) {
            good = new Properties(good.folder() || group.folder(), group.size().isPresent() ? group.size() : good.size(),
                    group.modified().or(good::modified));
        } else if (is("response")) {
            each.resource(new Resource(href.orElseThrow(Propfind::isNone), good.folder(), good.size(), good.modified()));
        }
    }

    /** A date as HTTP writes it. */
    static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void require(boolean holds) throws IOException {
        if (!holds) {
            throw isNone();
        }
    }

    private static IOException isNone() {
        return new IOException("the server's list of files is not as WebDAV servers answer");
    }
}
