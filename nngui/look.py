"""The look of the application: style, palette and the few rules that Fusion lacks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from nngui.theme import DARK, LIGHT, RADIUS, SPACE, Theme, palette_of


def apply_theme(app: QApplication, choice: str) -> None:
    """Give the application the chosen colors; everything repaints by itself.

    Args:
        app: The application; its style becomes Fusion.
        choice: "system", "light" or "dark".
    """
    theme = _theme_for(choice)
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    palette = palette_of(theme)
    if app.palette() != palette or not app.styleSheet():
        app.setPalette(palette)
        app.setStyleSheet(_rules(theme))


def _theme_for(choice: str) -> Theme:
    if choice == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme is Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def _rules(theme: Theme) -> str:
    """Rules by role for what Fusion draws too plainly."""
    return f"""
    QToolBar {{
        background: {theme.window}; border: 0; border-bottom: 1px solid {theme.border};
        spacing: {SPACE // 2}px; padding: {SPACE // 2}px {SPACE}px;
    }}
    QToolBar QToolButton {{
        padding: {SPACE // 2}px {SPACE}px; border-radius: {RADIUS}px; border: 1px solid transparent;
    }}
    QToolBar QToolButton:hover:enabled {{
        background: {theme.raised}; border-color: {theme.border};
    }}
    QToolBar QToolButton:pressed {{ background: {theme.border}; }}
    QToolBar QToolButton:focus {{ border-color: {theme.accent}; }}
    QToolBar QToolButton:disabled {{ color: {theme.muted}; }}
    QToolBar QToolButton#trainButton {{
        background: {theme.accent}; color: {theme.on_accent}; font-weight: 600;
        padding: {SPACE // 2}px {2 * SPACE}px; border-color: {theme.accent};
    }}
    QToolBar QToolButton#trainButton:hover:enabled {{ border-color: {theme.text}; }}
    QToolBar QToolButton#trainButton:disabled {{
        background: {theme.raised}; color: {theme.muted}; border-color: {theme.border};
    }}
    QToolButton[role="sectionHeader"] {{
        text-align: left; border: 0; border-radius: {RADIUS}px; padding: {SPACE // 2}px;
    }}
    QToolButton[role="sectionHeader"]:hover {{ background: {theme.raised}; }}
    QToolButton[role="sectionHeader"]:focus {{ border: 1px solid {theme.accent}; }}
    QToolButton[role="segment"] {{
        padding: {SPACE // 2}px {SPACE}px; border-radius: {RADIUS}px; color: {theme.muted};
        border: 1px solid transparent;
    }}
    QToolButton[role="segment"]:hover, QToolButton[role="segment"]:focus {{
        border-color: {theme.accent};
    }}
    QToolButton[role="segment"]:checked {{
        background: {theme.raised}; color: {theme.text}; border-color: {theme.border};
        border-bottom: 2px solid {theme.accent}; font-weight: 600;
    }}
    QProgressBar {{ background: {theme.raised}; border: 0; border-radius: {SPACE // 2}px; }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: {SPACE // 2}px; }}
    QDockWidget {{ font-weight: 600; color: {theme.text}; }}
    QDockWidget::title {{ padding: {SPACE // 2}px {SPACE}px; background: {theme.window}; }}
    QMainWindow::separator {{ background: {theme.border}; width: 1px; height: 1px; }}
    QMainWindow::separator:hover {{ background: {theme.accent}; }}
    QTabWidget#tabs::pane {{ border: 0; border-top: 1px solid {theme.border}; }}
    QTabWidget#tabs > QTabBar::tab {{
        padding: {SPACE}px {2 * SPACE}px; border: 0; color: {theme.muted};
        border-bottom: 2px solid transparent;
    }}
    QTabWidget#tabs > QTabBar::tab:selected {{
        color: {theme.text}; border-bottom: 2px solid {theme.accent}; font-weight: 600;
    }}
    QTabWidget#tabs > QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabWidget#tabs > QTabBar::tab:focus {{ color: {theme.accent}; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QStatusBar {{ border-top: 1px solid {theme.border}; }}
    QStatusBar::item {{ border: 0; }}
    QToolTip {{
        background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border};
        padding: {SPACE // 2}px;
    }}
    """
