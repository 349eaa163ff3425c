package io.camelody.wiring;

import io.camelody.component.SongRuntime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Camelody's routes in the context of an estate. They outlast its stop, and are read anew at its next start. */
final class EstateRoutes {

    private final Set<Object> ours = new HashSet<>();

    /**
     * To a context that is not started. Its error handler is kept from the routes: one that sends again would buy again, and one
     * that puts failures away would keep them from the ledger.
     */
    void add(CamelContext context, EstateSettings settings, SongRuntime runtime, BiConsumer<String, Object> registry)
            throws Exception {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        // of a start before this one: a file of the home may have been broken then
        removeFrom(model);
        Set<Object> theirs = all(model);
        try {
            load(context, settings, runtime, registry);
        } finally {
            ours.addAll(all(model));
            ours.removeAll(theirs);
        }
        model.getRouteDefinitions().stream()
                .filter(ours::contains)
                .forEach(route -> route.setErrorHandlerFactory(new DefaultErrorHandlerDefinition()));
    }

    private static Set<Object> all(Model model) {
        Set<Object> all = new HashSet<>(model.getRouteDefinitions());
        all.addAll(model.getRouteConfigurationDefinitions());
        all.addAll(model.getRouteTemplateDefinitions());
        return all;
    }

    private void removeFrom(Model model) throws Exception {
        for (Object each : ours) {
            if (each instanceof RouteDefinition route) {
                model.removeRouteDefinition(route);
            } else if (each instanceof RouteConfigurationDefinition configuration) {
                model.removeRouteConfiguration(configuration);
            } else if (each instanceof RouteTemplateDefinition template) {
                model.removeRouteTemplateDefinition(template);
            }
        }
        ours.clear();
    }

    private static void load(
            CamelContext context, EstateSettings settings, SongRuntime runtime, BiConsumer<String, Object> registry)
            throws Exception {
        List<Resource> resources = new ArrayList<>();
        settings.routes().forEach(place -> resources.add(ResourceHelper.resolveResource(context, place)));
        PluginHelper.getRoutesLoader(context).loadRoutes(resources);
        if (settings.inboxes().isPresent()) {
            Inboxes inboxes = settings.inboxes().get();
            inboxes.bind(runtime.ledger(), runtime.sandbox(), registry);
            RouteBuilder folders = inboxes.routes();
            context.addRoutes(folders);
            context.addTemplatedRoutes(folders);
        }
    }
}
