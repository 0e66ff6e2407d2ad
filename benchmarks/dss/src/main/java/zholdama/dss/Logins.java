package zholdama.dss;

import com.sun.management.OperatingSystemMXBean;
import eu.europa.esig.dss.enumerations.Level;
import eu.europa.esig.dss.enumerations.SubIndication;
import eu.europa.esig.dss.enumerations.ValidationLevel;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges the login documents of a folder once for every line it reads, offline and at one fixed moment.
 *
 * <p>The line "whole" asks for DSS as it comes, each OCSP answer read with its document; "least" for the least work it
 * can be given: all answers read before, no interchange report, no long-term levels. Each line is answered by one:
 * processor nanoseconds of the whole process, then how many documents met which verdict.
 */
public final class Logins {
    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    private final CommonCertificateSource adjunct = new CommonCertificateSource();
    private final List<byte[]> documents = new ArrayList<>();
    private final List<byte[]> answers = new ArrayList<>();
    private final EtsiValidationPolicy policy;
    private final Date at;
    private final CertificateVerifier prepared;

    private Logins(Path folder, Instant at) throws Exception {
        trusted.addCertificate(DSSUtils.loadCertificate(folder.resolve("root.pem").toFile()));
        adjunct.addCertificate(DSSUtils.loadCertificate(folder.resolve("issuing.pem").toFile()));
        for (int number = 0; Files.exists(folder.resolve(number + ".xml")); number++) {
            documents.add(Files.readAllBytes(folder.resolve(number + ".xml")));
            answers.add(Files.readAllBytes(folder.resolve(number + ".ocsp")));
        }
        this.policy = relaxed();
        this.at = Date.from(at);
        this.prepared = verifier(answers);
    }

    public static void main(String[] words) throws Exception {
        Logins logins = new Logins(Path.of(words[0]), Instant.parse(words[1]));
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            System.out.println(logins.round(line.equals("least")));
            System.out.flush();
        }
    }

    /**
     * The shipped policy, lowered where a plain XML signature has nothing to show (signing time, signed properties), and
     * where it would ask the root about the issuing authority, which we do not do either: its certificate is pinned.
     */
    private static EtsiValidationPolicy relaxed() throws Exception {
        try (InputStream shipped = ValidationPolicyFacade.class.getResourceAsStream("/policy/constraint.xml")) {
            ConstraintsParameters constraints = ValidationPolicyFacade.newFacade().unmarshall(shipped);
            var signature = constraints.getSignatureConstraints();
            signature.getSignedAttributes().getSigningTime().setLevel(Level.WARN);
            signature.getSignedAttributes().getMessageDigestOrSignedPropertiesPresent().setLevel(Level.WARN);
            signature.getBasicSignatureConstraints().getCACertificate().getRevocationDataAvailable().setLevel(Level.WARN);
            return new EtsiValidationPolicy(constraints);
        }
    }

    private CertificateVerifier verifier(List<byte[]> known) {
        InputStream[] streams = known.stream().map(ByteArrayInputStream::new).toArray(InputStream[]::new);
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAdjunctCertSources(adjunct);
        verifier.setAIASource(null);
        verifier.setOcspSource(new ExternalResourcesOCSPSource(streams));
        return verifier;
    }

    private String round(boolean least) {
        Map<String, Integer> verdicts = new TreeMap<>();
        long begun = MACHINE.getProcessCpuTime();
        for (int number = 0; number < documents.size(); number++) {
            verdicts.merge(verdict(number, least), 1, Integer::sum);
        }
        long taken = MACHINE.getProcessCpuTime() - begun;
        StringBuilder told = new StringBuilder().append(taken);
        verdicts.forEach((name, count) -> told.append(' ').append(name).append('=').append(count));
        return told.toString();
    }

    private String verdict(int number, boolean least) {
        var validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(documents.get(number)));
        validator.setCertificateVerifier(least ? prepared : verifier(List.of(answers.get(number))));
        validator.setValidationTime(at);
        if (least) {
            validator.setEnableEtsiValidationReport(false);
            validator.setValidationLevel(ValidationLevel.BASIC_SIGNATURES);
        }
        SimpleReport report = validator.validateDocument(policy).getSimpleReport();
        String signature = report.getFirstSignatureId();
        SubIndication reason = report.getSubIndication(signature);
        return report.getIndication(signature) + (reason == null ? "" : "/" + reason);
    }
}
