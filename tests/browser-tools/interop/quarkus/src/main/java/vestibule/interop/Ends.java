package vestibule.interop;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Ends with whoever started it, whose end of the pipe is closed then. */
@ApplicationScoped
public class Ends {
    void with(@Observes StartupEvent start) {
        Thread watch = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            } finally {
                Quarkus.asyncExit();
            }
        });
        watch.setDaemon(true);
        watch.start();
    }
}
