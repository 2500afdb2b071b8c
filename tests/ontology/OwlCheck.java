// Checks one RDF/XML file with the OWL API and HermiT, both in HermiT.jar of the package owlready2.
// Run: java -cp HermiT.jar OwlCheck.java FILE profile|consistency
// Prints one violation of the OWL 2 RL profile per line, or whether the file is consistent.

import java.io.File;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLClass;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

public class OwlCheck {
    public static void main(String[] arguments) throws Exception {
        OWLOntology ontology = OWLManager.createOWLOntologyManager()
            .loadOntologyFromOntologyDocument(new File(arguments[0]));
        System.out.println("axioms " + ontology.getAxiomCount());
        if (arguments[1].equals("profile")) {
            for (OWLProfileViolation violation : new OWL2RLProfile().checkOntology(ontology).getViolations()) {
                System.out.println("violation " + violation.toString().replaceAll("\\s+", " "));
            }
        } else {
            Reasoner reasoner = new Reasoner(ontology);
            boolean consistent = reasoner.isConsistent();
            System.out.println("consistent " + consistent);
            if (consistent) {
                for (OWLClass empty : reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()) {
                    System.out.println("unsatisfiable " + empty.getIRI());
                }
            }
        }
    }
}
