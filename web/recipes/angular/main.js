import "@angular/compiler";
import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import "sonde/echo-viewer";

class App {
  frozen = signal(false);
  said = signal("");
}

// In TypeScript this is the decorator @Component({...}) above the class.
const AppComponent = Component({
  selector: "app-root",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <echo-viewer
      probe="simulated"
      [frozen]="frozen()"
      (echo-load)="said.set($event.detail.info.name)"
      (echo-freeze)="frozen.set($event.detail.frozen)"
    ></echo-viewer>
    <button type="button" (click)="frozen.set(!frozen())">{{ frozen() ? "Run" : "Freeze" }}</button>
    <output>{{ said() }}</output>
  `,
})(App);

bootstrapApplication(AppComponent, { providers: [provideZonelessChangeDetection()] });
