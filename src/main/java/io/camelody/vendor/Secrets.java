package io.camelody.vendor;

import io.camelody.settings.VendorSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/** What a vendor was given in a call and may repeat: its key, and where it may call back. */
record Secrets(List<String> texts) {

    static Secrets of(Exchange exchange, VendorSettings vendor) {
        List<String> texts = new ArrayList<>();
        vendor.apiKey().ifPresent(texts::add);
        String callback = exchange.getVariable("callbackUrl", String.class);
        if (callback != null && !callback.isBlank()) {
            // the token alone too, since a vendor may write the URL in another way
            texts.add(callback);
            texts.add(callback.substring(callback.lastIndexOf('/') + 1));
        }
        return new Secrets(texts.stream().filter(text -> !text.isEmpty()).toList());
    }

    /** A text of the vendor, or about a call to it, as it may be kept and shown. */
    String maskedIn(String text) {
        String masked = text;
        for (String secret : texts) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }

    @Override
    public String toString() {
        return "Secrets[***]";
    }
}
