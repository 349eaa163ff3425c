package io.camelody.vendor;

import io.camelody.settings.AccountFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceResolver;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceSupport;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Reads an {@link AccountFile} for Camel, from the jar or a home, as it is at that moment. What Camel says of it, such as the
 * file and the line of a mistake, is about the vendor's file. Camel finds this class by the scheme of the place.
 */
public final class AccountRoutes extends ServiceSupport implements ResourceResolver {

    private CamelContext context;

    @Override
    public String getSupportedScheme() {
        return AccountFile.SCHEME;
    }

    @Override
    public Resource resolve(String place) {
        AccountFile account = AccountFile.at(place)
                .orElseThrow(() -> new IllegalArgumentException("No account is at " + place + "."));
        return new AccountText(account, PluginHelper.getResourceLoader(context).resolveResource(account.file()));
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    /** Of all accounts of a vendor the location is the same, so that the scheme has to tell them apart. */
    private static final class AccountText extends ResourceSupport {

        private final AccountFile account;
        private final Resource file;

        AccountText(AccountFile account, Resource file) {
            super(AccountFile.SCHEME + ":" + account.account(), file.getLocation());
            this.account = account;
            this.file = file;
        }

        @Override
        public boolean exists() {
            return file.exists();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            try (InputStream in = file.getInputStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return new ByteArrayInputStream(account.read(text).getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
